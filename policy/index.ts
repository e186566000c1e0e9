import { PolicyPack } from "@pulumi/policy";
import { policies } from "./pack/policies";

// Levels of single rules come from the configuration; the pack's own level is the themes'.
new PolicyPack("slipway", { enforcementLevel: "mandatory", policies: policies() });
