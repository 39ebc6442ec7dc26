/** The kernel table: each exported name is the TF.js kernel that it records. */
export * from "./arithmetic.ts";
export * from "./convolution.ts";
export * from "./create.ts";
export * from "./fused.ts";
export * from "./indexing.ts";
export * from "./logic.ts";
export * from "./matmul.ts";
export * from "./reduce.ts";
export * from "./shape.ts";
export * from "./unary.ts";
