// A policy, in words: its rules as they are shown, without those that say nothing.
import { seconds, spoken } from "./words.js";

/** @param {unknown} value */
function said(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (typeof value === "string" && /^P(?=.)/.test(value) && !Number.isNaN(seconds(value))) return spoken(seconds(value));
  return Array.isArray(value) ? value.join(", ") : String(value);
}

/** @type {Record<string, string>} */
const NAMES = {
  batchBy: "Batches by", maxBatchInstances: "Most at once", allowFullOutage: "Full outage allowed", updateDomains: "Update domains",
  faultDomains: "Fault domains", zones: "Zones", instanceIds: "Instances", canary: "Canary", approval: "Approval", approvalTimeout: "Approval within",
  pauseBetweenBatches: "Pause between", health: "Health", deadline: "Deadline", maxUnhealthyInstances: "Most unhealthy",
  maxUnhealthyUpgradedInstances: "Most may fail", onFailure: "When it fails", rollbackOnFailure: "Failure on the way back", decisionTimeout: "Decision within",
};

/** @param {import("./check/api").PolicyShown} policy @returns {[string, any][]} */
export function policyFacts(policy) {
  return Object.entries(policy).filter(([, value]) => value !== null && value !== undefined).map(([name, value]) => [
    NAMES[name] ?? name,
    typeof value === "object" && !Array.isArray(value)
      ? Object.entries(value).filter(([, one]) => one !== null).map(([one, what]) => `${one} ${said(what)}`).join(", ")
      : said(value),
  ]);
}
