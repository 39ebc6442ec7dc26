"use client";
/** The width that an element has on screen, so that drawings keep their text at one size. */
import { type RefObject, useEffect, useRef, useState } from "react";

export function useWidth<Element extends HTMLElement>(): readonly [RefObject<Element | null>, number] {
	const element = useRef<Element>(null);
	const [width, setWidth] = useState(480);
	useEffect(() => {
		const watcher = new ResizeObserver(([entry]) => {
			const now = Math.round(entry?.contentRect.width ?? 0);
			if (now > 0) setWidth(now);
		});
		if (element.current) watcher.observe(element.current);
		return () => watcher.disconnect();
	}, []);
	return [element, width];
}
