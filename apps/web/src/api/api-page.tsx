"use client";
/** Where the API is, and the tokens that other programs use it with. */
import { type FormEvent, useState } from "react";
import { useMutation, useQuery } from "urql";
import { copyText } from "../charts/export.ts";
import { graphql } from "../graphql/document.ts";
import { UserErrorFields } from "../graphql/mutation-errors.ts";
import { toast } from "../shell/toasts.tsx";
import { Button } from "../ui/button.tsx";
import facts from "../ui/facts.module.css";
import { Field } from "../ui/field.tsx";
import { formatTime } from "../ui/format.ts";
import page from "../ui/page.module.css";
import { Empty, Loaded } from "../ui/states.tsx";
import css from "./api.module.css";
import { Operations } from "./operations.tsx";

const TokensQuery = graphql(`
	query Tokens {
		serverInfo {
			version
			profile
			database
			schemaSha256
		}
		viewer {
			viewerCanAdminister
		}
		tokens(first: 100) {
			nodes {
				id
				name
				prefix
				role
				createdAt
				expiresAt
				lastUsedAt
				revokedAt
			}
		}
	}
`);

const CreateTokenMutation = graphql(
	`
		mutation CreateToken($input: CreateTokenInput!) {
			createToken(input: $input) {
				secret
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[UserErrorFields],
);

const RevokeTokenMutation = graphql(
	`
		mutation RevokeToken($input: RevokeTokenInput!) {
			revokeToken(input: $input) {
				token {
					id
					revokedAt
				}
				errors {
					...UserErrorFields
				}
			}
		}
	`,
	[UserErrorFields],
);

const roles = ["VIEWER", "RESEARCHER", "ADMIN"] as const;

export function ApiPage() {
	const [result, ask] = useQuery({ query: TokensQuery, requestPolicy: "cache-and-network" });
	const refresh = () => ask({ requestPolicy: "network-only" });
	return (
		<Loaded result={result} retry={refresh}>
			{({ serverInfo, viewer, tokens }) => (
				<>
					<dl className={facts.facts}>
						<div>
							<dt>version</dt>
							<dd>{serverInfo.version}</dd>
						</div>
						<div>
							<dt>profile</dt>
							<dd>{serverInfo.profile.toLowerCase()}</dd>
						</div>
						<div>
							<dt>database</dt>
							<dd>{serverInfo.database}</dd>
						</div>
						<div>
							<dt>schema</dt>
							<dd>
								<code>{serverInfo.schemaSha256.slice(0, 12)}</code>
							</dd>
						</div>
					</dl>
					<Operations />
					<section className={page.section} aria-labelledby="tokens">
						<h2 id="tokens">Tokens</h2>
						{viewer.viewerCanAdminister && <NewToken onCreated={refresh} />}
						{tokens.nodes.length === 0 && (
							<Empty title="No token was made">
								<p>Programs on this computer may use the one in the data folder; others need one of their own.</p>
							</Empty>
						)}
						<ul className={tokens.nodes.length > 0 ? facts.list : undefined}>
							{tokens.nodes.map((token) => (
								<li key={token.id} data-revoked={token.revokedAt !== null}>
									<strong className={facts.wide}>{token.name}</strong>
									<code>{token.prefix}…</code>
									<span>{token.role.toLowerCase()}</span>
									<span className={facts.quiet}>
										{token.lastUsedAt ? `last used ${formatTime(token.lastUsedAt)}` : "never used"}
										{token.expiresAt && `, expires ${formatTime(token.expiresAt)}`}
									</span>
									{token.revokedAt ? (
										<span>revoked {formatTime(token.revokedAt)}</span>
									) : (
										<Revoke id={token.id} onRevoked={refresh} />
									)}
								</li>
							))}
						</ul>
					</section>
				</>
			)}
		</Loaded>
	);
}

function NewToken({ onCreated }: { readonly onCreated: () => void }) {
	const [{ fetching }, create] = useMutation(CreateTokenMutation);
	const [secret, setSecret] = useState<string | null>(null);
	const [fault, setFault] = useState<string>();
	const submit = async (event: FormEvent<HTMLFormElement>) => {
		event.preventDefault();
		const form = event.currentTarget;
		const given = new FormData(form);
		const name = String(given.get("name"));
		const role = roles.find((one) => one === given.get("role")) ?? "VIEWER";
		const { data, error } = await create({ input: { name, role } });
		setFault(data?.createToken.errors[0]?.message ?? error?.message);
		setSecret(data?.createToken.secret ?? null);
		if (!data?.createToken.secret) return;
		form.reset();
		onCreated();
	};
	return (
		<>
			<form className={css.form} onSubmit={(event) => void submit(event)}>
				<Field label="Name" hint="Who or what will use it." fault={fault}>
					{(control) => <input {...control} name="name" required maxLength={200} />}
				</Field>
				<Field label="Role" hint="Viewers read, researchers also run, admins do everything.">
					{(control) => (
						<select {...control} name="role" defaultValue="RESEARCHER">
							{roles.map((role) => (
								<option key={role} value={role}>
									{role.toLowerCase()}
								</option>
							))}
						</select>
					)}
				</Field>
				<Button type="submit" look="primary" disabled={fetching}>
					Make a token
				</Button>
			</form>
			{secret && (
				<p className={css.secret} role="status">
					<strong>This is shown once:</strong> <code>{secret}</code>{" "}
					<Button onClick={() => void copyText(secret, "token")}>Copy</Button>
				</p>
			)}
		</>
	);
}

function Revoke({ id, onRevoked }: { readonly id: string; readonly onRevoked: () => void }) {
	const [{ fetching }, revoke] = useMutation(RevokeTokenMutation);
	const run = async () => {
		const { data, error } = await revoke({ input: { tokenId: id } });
		const fault = data?.revokeToken.errors[0]?.message ?? error?.message;
		if (fault) toast(fault);
		else onRevoked();
	};
	return (
		<Button disabled={fetching} onClick={() => void run()}>
			Revoke
		</Button>
	);
}
