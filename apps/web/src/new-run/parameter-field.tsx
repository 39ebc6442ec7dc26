"use client";
/** One parameter of the catalog as the control that its kind asks for. */
import { Button } from "../ui/button.tsx";
import { Field } from "../ui/field.tsx";
import { formatName } from "../ui/format.ts";
import { type Classes, ClassPicker } from "./class-picker.tsx";
import { faultOf, goalsText, parseGoals } from "./form-values.ts";
import css from "./new-run.module.css";
import type { Parameter } from "./queries.ts";

/** The catalog's options are the classes of the usual set, which may not have been made yet. */
function offered(classes: Classes, { options }: Parameter): Classes {
	return { ...classes, names: classes.isChosen ? classes.names : (options ?? classes.names) };
}

interface ParameterFieldProps {
	readonly parameter: Parameter;
	readonly text: string;
	readonly change: (text: string) => void;
	readonly classes: Classes;
	/** What the server said about it. */
	readonly fault: string | undefined;
}

export function ParameterField(props: ParameterFieldProps) {
	const { parameter, text, change, classes, fault } = props;
	const { kind, path, description, options } = parameter;
	const name = formatName(path.at(-1) ?? "");
	const label = name.charAt(0).toUpperCase() + name.slice(1);
	if (kind === "CLASS")
		return (
			<ClassPicker
				label={name === "from" ? "Captions of" : name === "to" ? "shall find pictures of" : label}
				hint={description}
				classes={offered(classes, parameter)}
				value={text}
				change={change}
				part={path.at(-1) === "to" ? "target" : "source"}
			/>
		);
	if (kind === "GOALS") return <Goals {...props} />;
	if (kind === "BOOLEAN")
		return (
			<label className={css.check}>
				<input type="checkbox" checked={text === "true"} onChange={(event) => change(String(event.target.checked))} />
				<span>
					{label}
					<span className={css.hint}>{description}</span>
				</span>
			</label>
		);
	return (
		<Field label={label} hint={description} fault={faultOf(parameter, text) ?? fault}>
			{(control) =>
				(kind === "ENUM" || kind === "CASE") && options ? (
					<select {...control} value={text} onChange={(event) => change(event.target.value)}>
						{options.map((option) => (
							<option key={option} value={option}>
								{formatName(option)}
							</option>
						))}
					</select>
				) : (
					<input
						{...control}
						value={text}
						inputMode={kind === "INT" ? "numeric" : kind === "FLOAT" ? "decimal" : "text"}
						onChange={(event) => change(event.target.value)}
					/>
				)
			}
		</Field>
	);
}

function Goals({ parameter, text, change, classes, fault }: ParameterFieldProps) {
	const goals = parseGoals(text);
	const set = (index: number, goal: Partial<(typeof goals)[number]>) =>
		change(goalsText(goals.map((one, at) => (at === index ? { ...one, ...goal } : one))));
	const free = classes.names.filter((name) => goals.every(({ from, to }) => from !== name && to !== name));
	return (
		<div className={css.goals}>
			<p className={css.hint}>{parameter.description}</p>
			{fault && (
				<p part="alert" className={css.fault}>
					{fault}
				</p>
			)}
			{goals.map(({ from, to }, index) => (
				// biome-ignore lint/suspicious/noArrayIndexKey: a goal is its place; its classes change while they are picked.
				<details key={index} open={index === 0} className={css.goal}>
					<summary>
						{from} → {to}
					</summary>
					<ClassPicker
						label="Captions of"
						classes={offered(classes, parameter)}
						value={from}
						change={(value) => set(index, { from: value })}
						part="source"
					/>
					<ClassPicker
						label="shall find pictures of"
						classes={offered(classes, parameter)}
						value={to}
						change={(value) => set(index, { to: value })}
						part="target"
					/>
					{goals.length > 1 && (
						<Button icon="close" look="quiet" onClick={() => change(goalsText(goals.filter((_, at) => at !== index)))}>
							Remove this goal
						</Button>
					)}
				</details>
			))}
			{free.length >= 2 && (
				<Button icon="plus" onClick={() => change(goalsText([...goals, { from: free[0]!, to: free[1]! }]))}>
					Another goal
				</Button>
			)}
		</div>
	);
}
