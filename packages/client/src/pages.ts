/** Lists that the API gives a page at a time. */

/** Items asked for at a time. */
export const PAGE = 100;

/** All items of a connection, a page at a time. */
export async function* pages<Item>(
	read: (after: string | null) => Promise<{
		readonly nodes: readonly Item[];
		readonly pageInfo: { readonly hasNextPage: boolean; readonly endCursor: string | null };
	}>,
): AsyncGenerator<Item, void> {
	for (let after: string | null = null; ; ) {
		const { nodes, pageInfo } = await read(after);
		yield* nodes;
		if (!pageInfo.hasNextPage) return;
		after = pageInfo.endCursor;
	}
}
