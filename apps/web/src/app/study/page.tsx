import type { Metadata } from "next";
import { StudyPage } from "../../studies/study-page.tsx";

export const metadata: Metadata = { title: "Study" };

export default StudyPage;
