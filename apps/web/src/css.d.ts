/** Style sheets as modules: class names by key, as the bundler hands them out. */
declare module "*.module.css" {
	const classes: Readonly<Record<string, string>>;
	export default classes;
}
declare module "*.css";
