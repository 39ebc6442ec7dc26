/** Every table and enumeration of the database. */
export * from "./access.ts";
export * from "./artifacts.ts";
export * from "./datasets.ts";
export * from "./events.ts";
export * from "./imports.ts";
export * from "./results.ts";
export * from "./runs.ts";
export * from "./stages.ts";
