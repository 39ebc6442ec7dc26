/** A picture of a data set: small, with hard pixels, and a caption for those who do not see it. */
import css from "./picture.module.css";

interface PictureProps {
	readonly image: { readonly url: string; readonly width: number; readonly height: number };
	readonly alt: string;
	/** Side on screen in pixels. */
	readonly size?: number;
}

export function Picture({ image, alt, size = 96 }: PictureProps) {
	return (
		// biome-ignore lint/performance/noImgElement: pictures of 64 pixels, served as they are; there is no image service.
		<img className={css.picture} src={image.url} width={size} height={size} alt={alt} loading="lazy" decoding="async" />
	);
}
