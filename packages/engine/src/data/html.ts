/** HTML's entities, undone as Python's html.unescape does it. */
import { decodeHTML } from "entities/decode";

/** HTML 5's entities, the old ones without a semicolon too; code points that mean nothing in HTML become nothing. */
export function unescapeHtml(text: string): string {
	return text.replace(/&(#[0-9]+;?|#[xX][0-9a-fA-F]+;?|[^\t\n\f <&#;]{1,32};?)/g, (entity, body: string) => {
		if (!body.startsWith("#")) return decodeHTML(entity);
		const code = /^#x/i.test(body) ? Number.parseInt(body.slice(2), 16) : Number.parseInt(body.slice(1), 10);
		return isNoCharacter(code) ? "" : decodeHTML(`&#${code};`);
	});
}

/** Code points that Python drops: controls without a meaning in HTML, and what Unicode calls noncharacters. */
function isNoCharacter(code: number): boolean {
	const control = (code >= 0x01 && code <= 0x08) || code === 0x0b || (code >= 0x0e && code <= 0x1f) || code === 0x7f;
	return control || (code >= 0xfdd0 && code <= 0xfdef) || (code <= 0x10ffff && (code & 0xfffe) === 0xfffe);
}
