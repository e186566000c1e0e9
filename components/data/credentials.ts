import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import * as random from "@pulumi/random";
import type { Adoption, KeptSecret } from "../kit/adoption";
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
  /** The key that holds the password itself. */
  readonly passwordKey: string;
  /** What becomes of the Secret on a destroy: it is kept as long as the data it opens. */
  readonly retention: Retention;
  /**
   * Finds the Secret that an earlier life of the stack kept.
   * @default - nothing is kept
   */
  readonly adoption?: Adoption;
}

/**
 * A generated password in a Secret beside the service it opens. Everyone else refers to the Secret by
 * name; the value is in nobody's arguments.
 *
 * Where the Secret outlived its stack, its password is used again: a new one would not open the data that
 * was kept with it.
 */
export class Credentials extends Component {
  /** The Secret's name, as a plain value. */
  readonly secretName: string;

  constructor(name: string, args: CredentialsArgs, opts: pulumi.ComponentResourceOptions = {}) {
    super("data", "Credentials", name, opts);

    const kept = args.adoption?.secret(args.namespace, args.secretName);
    const generated = generatePassword(this);
    const password = rememberPassword(this);
    createSecret(this);

    this.secretName = args.secretName;
    this.registerOutputs({ secretName: this.secretName });

    function generatePassword(parent: Credentials): random.RandomPassword {
      return new random.RandomPassword(
        `${name}-password`,
        { length: 31, special: false },
        {
          parent,
          ...retained(args.retention),
          ...(kept && { hooks: { beforeCreate: [kept.look] } }),
        },
      );
    }

    /**
     * The state holds what is in use, be it the kept password or the generated one; the first stays, also
     * where the stack says later that its data need not be kept.
     */
    function rememberPassword(parent: Credentials): pulumi.Output<string> {
      const first = passwordOf(generated).apply((text) => kept?.value(args.passwordKey) ?? text);
      const remembered = new pulumi.Stash(
        `${name}-password-in-use`,
        { input: pulumi.secret(first) },
        {
          parent,
          ...retained(args.retention),
          ignoreChanges: ["input"],
          additionalSecretOutputs: ["output"],
        },
      );
      return remembered.output.apply(String);
    }

    function createSecret(parent: Credentials): void {
      new kubernetes.core.v1.Secret(
        `${name}-secret`,
        {
          metadata: { name: args.secretName, namespace: args.namespace },
          stringData: { ...args.data(password) },
        },
        {
          parent,
          dependsOn: opts.dependsOn,
          ...retained(args.retention),
          ...(kept && { hooks: { beforeCreate: [keepsPassword(kept)] } }),
        },
      );
    }

    function keepsPassword(secret: KeptSecret): pulumi.ResourceHookFunction {
      const known = { password: "", urn: "" };
      pulumi.all([password, generated.urn]).apply(([text, urn]) => {
        known.password = text;
        known.urn = urn;
      });
      return secret.keeps(
        args.passwordKey,
        () => known.password,
        () => known.urn,
      );
    }
  }
}

/**
 * A letter, then letters and digits: NATS reads a password as configuration, where one that looks like a
 * number fails, and no URL or shell has to escape it.
 * @see https://github.com/nats-io/k8s/issues/1139
 */
function passwordOf(generated: random.RandomPassword): pulumi.Output<string> {
  return pulumi.interpolate`p${generated.result}`;
}
