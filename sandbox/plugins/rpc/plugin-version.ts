/** Set by the bundler to the version of the npm SDK the plugin stands in for. */
declare const PLUGIN_VERSION: string;

/** The version this plugin reports to the CLI. */
export function pluginVersion(): string {
  return PLUGIN_VERSION;
}
