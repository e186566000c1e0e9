import { Server, ServerCredentials } from "@grpc/grpc-js";

/** Messages have no size limit: the custom resource definitions of one operator weigh 3 MB. */
export const UNLIMITED_MESSAGES = {
  "grpc.max_receive_message_length": -1,
  "grpc.max_send_message_length": -1,
};

/**
 * Serves a plugin the way the Pulumi CLI expects: on a free loopback port, whose number is the first
 * line of standard output.
 *
 * @param register adds the plugin's service to the server
 * @param beforeExit releases what would outlive this process
 */
export async function serve(
  register: (server: Server) => void,
  beforeExit: () => void = () => undefined,
): Promise<void> {
  const server = new Server(UNLIMITED_MESSAGES);
  register(server);
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
      error === null ? resolve(bound) : reject(error),
    );
  });
  endWithParent(beforeExit);
  process.stdout.write(`${port}\n`);
}

/**
 * Ends this process when the CLI does. The CLI holds the other end of standard input, so a CLI that
 * was killed closes it. One that is done sends an interrupt and waits for the plugin's end; a Ctrl-C
 * of the user arrives as a Cancel request instead, since plugins run in process groups of their own.
 */
function endWithParent(beforeExit: () => void): void {
  const end = (): void => {
    beforeExit();
    process.exit(0);
  };
  process.stdin.once("end", end);
  process.stdin.once("error", end);
  process.stdin.resume();
  process.once("SIGTERM", end);
  process.once("SIGINT", end);
}
