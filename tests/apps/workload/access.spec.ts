import { expect } from "chai";
import { accessProblems, type Access } from "../../../components/apps/workload/access";
import { identityPorts } from "../../../components/kit/cloud-identity";
import { at, deployWorkload } from "../fixtures";

const apiAccess = [
  { resources: ["configmaps"], names: ["leader"], verbs: ["get", "update"] },
] as const;

describe("a workload's access to the Kubernetes API", () => {
  it("is none when it asks for none: no Role, no token", async () => {
    const recorded = await deployWorkload();
    expect([...recorded.all("Role"), ...recorded.all("RoleBinding")]).to.deep.equal([]);
    const { inputs } = recorded.find("Deployment", "orders");
    expect(at(inputs, "spec.template.spec.automountServiceAccountToken")).to.equal(false);
  });

  it("is what it asks for, by its own account, whose token is then mounted", async () => {
    const recorded = await deployWorkload({ apiAccess });
    expect(recorded.find("Role", "orders").inputs.rules).to.deep.equal([
      {
        apiGroups: [""],
        resources: ["configmaps"],
        resourceNames: ["leader"],
        verbs: ["get", "update"],
      },
    ]);
    expect(recorded.find("RoleBinding", "orders").inputs).to.deep.include({
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: "orders" },
      subjects: [{ kind: "ServiceAccount", name: "orders", namespace: "shop" }],
    });
    const deployment = recorded.find("Deployment", "orders");
    expect(at(deployment.inputs, "spec.template.spec.automountServiceAccountToken")).to.equal(true);
    expect(deployment.dependencies).to.include(recorded.find("RoleBinding", "orders").urn);
    const account = recorded.find("ServiceAccount", "orders");
    expect(account.inputs.automountServiceAccountToken).to.equal(false);
  });

  it("is not its migration's", async () => {
    const recorded = await deployWorkload({ apiAccess, migration: { command: ["/migrate"] } });
    const { inputs } = recorded.find("Job", "shop-orders-migration");
    expect(at(inputs, "spec.template.spec.automountServiceAccountToken")).to.equal(false);
  });
});

describe("a workload's identity in a cloud", () => {
  const roleArn = "arn:aws:iam::123456789012:role/orders";
  const clientId = "0b7f6c0e-3d6c-4f9e-9a55-0f4c4d0d8e11";
  const serviceAccount = "orders@acme.iam.gserviceaccount.com";
  const identities = [
    [{ aws: { roleArn } }, { "eks.amazonaws.com/role-arn": roleArn }, [443]],
    [{ aws: { podIdentity: true } }, undefined, [443, 80]],
    [
      { gcp: { serviceAccount } },
      { "iam.gke.io/gcp-service-account": serviceAccount },
      [443, 80, 988],
    ],
    [{ azure: { clientId } }, { "azure.workload.identity/client-id": clientId }, [443]],
  ] as const;

  for (const [cloudIdentity, annotations, ports] of identities) {
    it(`is said by its ServiceAccount: ${JSON.stringify(cloudIdentity)}`, async () => {
      const { inputs } = (await deployWorkload({ cloudIdentity })).find("ServiceAccount", "orders");
      expect(at(inputs, "metadata.annotations")).to.deep.equal(annotations);
      expect(identityPorts(cloudIdentity)).to.deep.equal(ports);
      expect(accessProblems({ cloudIdentity })).to.deep.equal([]);
    });
  }

  it("is said by the pods too where the cloud looks at them", async () => {
    const labelsOf = async (changes: Access): Promise<unknown> =>
      at(
        (await deployWorkload(changes)).find("Deployment", "orders").inputs,
        "spec.template.metadata.labels",
      );
    const use = { "azure.workload.identity/use": "true" };
    expect(await labelsOf({ cloudIdentity: { azure: { clientId } } })).to.include(use);
    expect(await labelsOf({ cloudIdentity: { aws: { roleArn } } })).to.not.include(use);
  });
});

describe("access is refused", () => {
  const fieldsOf = (access: Access): readonly string[] =>
    accessProblems(access).map(({ field }) => field);

  it("not when it is good", () => {
    expect(fieldsOf({ apiAccess })).to.deep.equal([]);
  });

  it("when it is to everything, or to nothing", () => {
    expect(fieldsOf({ apiAccess: [{ resources: ["*"], verbs: ["get"] }] })).to.deep.equal([
      "apiAccess[0].resources",
    ]);
    expect(fieldsOf({ apiAccess: [{ resources: [], verbs: [] }] })).to.deep.equal([
      "apiAccess[0].resources",
      "apiAccess[0].verbs",
    ]);
  });

  it("when names are to limit what is asked before an object is named", () => {
    const [problem] = accessProblems({
      apiAccess: [{ resources: ["pods"], names: ["a"], verbs: ["get", "list"] }],
    });
    expect(problem?.message).to.contain("cannot limit list");
  });

  it("when the identity has another form", () => {
    expect(fieldsOf({ cloudIdentity: { aws: { roleArn: "orders" } } })).to.deep.equal([
      "cloudIdentity.aws.roleArn",
    ]);
    expect(fieldsOf({ cloudIdentity: { gcp: { serviceAccount: "orders" } } })).to.deep.equal([
      "cloudIdentity.gcp.serviceAccount",
    ]);
    expect(fieldsOf({ cloudIdentity: { azure: { clientId: "orders" } } })).to.deep.equal([
      "cloudIdentity.azure.clientId",
    ]);
  });
});
