import type { Metadata } from "next";
import { NewRunPage } from "../../new-run/new-run-page.tsx";

export const metadata: Metadata = { title: "New run" };

export default NewRunPage;
