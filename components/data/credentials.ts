import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import { Component } from "../kit/component";
import { retained, type Retention } from "../kit/retention";

export interface CredentialsArgs {
  /** The namespace of the service that the credentials open. */
  readonly namespace: string;
  /** The Secret's name. */
  readonly secretName: string;
  /** The Secret's keys and values, made with the generated password. */
  readonly data: (
    password: pulumi.Output<string>,
  ) => Readonly<Record<string, pulumi.Input<string>>>;
  /** What becomes of the Secret on a destroy: it is kept as long as the data it opens. */
  readonly retention: Retention;
}

/**
 * A generated password in a Secret beside the service it opens. Everyone else refers to the Secret by
 * name; the value is in nobody's arguments.
 */
export class Credentials extends Component {
  /** The Secret's name, as a plain value. */
  readonly secretName: string;

  constructor(name: string, args: CredentialsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "Credentials", name, opts);

    const password = generatePassword(this);
    createSecret(this);

    this.secretName = args.secretName;
    this.registerOutputs({ secretName: this.secretName });

    /**
     * A letter, then letters and digits: NATS reads a password as configuration, where one that looks
     * like a number fails, and no URL or shell has to escape it.
     * @see https://github.com/nats-io/k8s/issues/1139
     */
    function generatePassword(parent: Credentials): pulumi.Output<string> {
      const generated = new random.RandomPassword(
        `${name}-password`,
        { length: 31, special: false },
        { parent, ...retained(args.retention) },
      );
      return pulumi.interpolate`p${generated.result}`;
    }

    function createSecret(parent: Credentials): void {
      new kubernetes.core.v1.Secret(
        `${name}-secret`,
        {
          metadata: { name: args.secretName, namespace: args.namespace },
          stringData: { ...args.data(password) },
        },
        { parent, dependsOn: opts.dependsOn, ...retained(args.retention) },
      );
    }
  }
}
