/** Many pieces of news as few calls: the first at once, those that come soon after it together. */

export interface News {
	/** Something happened. */
	readonly tell: () => void;
	readonly stop: () => void;
}

/** @param pace least milliseconds between two calls of `hear`. */
export function gatherNews(hear: () => void, pace: number): News {
	let timer: ReturnType<typeof setTimeout> | undefined;
	let isWaiting = false;
	const say = () => {
		isWaiting = false;
		hear();
		timer = setTimeout(() => {
			timer = undefined;
			if (isWaiting) say();
		}, pace);
	};
	return {
		tell() {
			if (timer === undefined) say();
			else isWaiting = true;
		},
		stop() {
			clearTimeout(timer);
			timer = undefined;
			isWaiting = false;
		},
	};
}
