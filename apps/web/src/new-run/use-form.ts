"use client";
/** The form's values as state that is also the address, so that a half-filled form can be shared. */
import { useEffect, useRef, useState } from "react";
import type { Choice, Values } from "./form-values.ts";

export interface Form extends Choice {
	readonly values: Values;
	readonly seeds: string;
	readonly name: string;
}

const own = ["dataset", "attack", "defenses", "seeds", "name", "from"];

export function readForm(search: string, first: Choice): Form {
	const parameters = new URLSearchParams(search);
	const defenses = parameters.get("defenses");
	return {
		dataset: parameters.get("dataset") ?? first.dataset,
		attack: parameters.get("attack") ?? first.attack,
		defenses: defenses === null ? first.defenses : defenses.split(",").filter(Boolean),
		seeds: parameters.get("seeds") ?? "1",
		name: parameters.get("name") ?? "",
		values: Object.fromEntries([...parameters].filter(([key]) => !own.includes(key))),
	};
}

export function writeForm({ dataset, attack, defenses, seeds, name, values }: Form): string {
	return new URLSearchParams({
		...(dataset && { dataset }),
		attack,
		defenses: defenses.join(","),
		seeds,
		...(name && { name }),
		...values,
	}).toString();
}

interface FormState {
	readonly form: Form;
	change(change: Partial<Form>): void;
	/** Leaves the address alone from here on: written while another page is on its way, it would call that one back. */
	leave(): void;
}

export function useForm(start: () => Form): FormState {
	const [form, setForm] = useState(start);
	const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
	const leave = () => clearTimeout(timer.current);
	useEffect(() => {
		timer.current = setTimeout(() => window.history.replaceState(null, "", `?${writeForm(form)}`), 250);
		return () => clearTimeout(timer.current);
	}, [form]);
	return { form, change: (change) => setForm((before) => ({ ...before, ...change })), leave };
}
