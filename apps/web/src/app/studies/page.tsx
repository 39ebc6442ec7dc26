import type { Metadata } from "next";
import { StudiesPage } from "../../studies/studies-page.tsx";

export const metadata: Metadata = { title: "Studies" };

export default StudiesPage;
