/** A pair before and after an attack: the original struck through, and beside it the pair that is trained on. */

import pictures from "../run/poisoned-pairs.module.css";
import { type PoisonedPair, poisonWords } from "../run/poisoned-pairs.tsx";
import { Icon } from "../ui/icon.tsx";
import { Picture } from "../ui/picture.tsx";
import css from "./datasets.module.css";

export function PairChange({ sample, kind, class: name, captions, before, after }: PoisonedPair) {
	return (
		<li>
			<p className={css.about}>
				{name ?? "no label"} <code>{sample}</code> <span>{poisonWords[kind]}</span>
			</p>
			<div className={css.change}>
				<fieldset>
					<legend>
						Original<span className="visually-hidden"> of {sample}</span>
					</legend>
					{before && (
						<span className={pictures.before}>
							<Picture image={before} alt={`Original picture of ${sample}`} />
						</span>
					)}
					{kind === "INJECT" ? <p>None: this pair was added.</p> : <Captions captions={captions} isStruck />}
				</fieldset>
				<Icon name="right" />
				<fieldset>
					<legend>
						Poisoned<span className="visually-hidden"> {sample}</span>
					</legend>
					{after && (
						<span className={pictures.after}>
							<Picture image={after} alt={`Picture that ${sample} has now`} />
						</span>
					)}
					{kind === "DROP" ? <p>None: this pair was taken out.</p> : <Captions captions={captions} />}
				</fieldset>
			</div>
		</li>
	);
}

function Captions({
	captions,
	isStruck = false,
}: {
	readonly captions: readonly string[];
	readonly isStruck?: boolean;
}) {
	return (
		<ol>
			{captions.map((caption) => (
				<li key={caption}>{isStruck ? <del>{caption}</del> : caption}</li>
			))}
		</ol>
	);
}
