// Short names for the types that the OpenAPI document gives: types.d.ts is made from it by `make page`.
import type { components } from "./types";

type Schemas = components["schemas"];
export type AnyImage = Partial<Schemas["Image"]> | Partial<Schemas["ImageRequestShown"]>;
export type Counts = Schemas["Counts"];
export type Event = Schemas["Event"];
export type FleetDetails = Schemas["FleetDetails"];
export type FollowedImage = Schemas["FollowedImage"];
export type ImageChange = Schemas["ImageChange"];
export type Instance = Schemas["Instance"];
export type InstanceRow = Schemas["InstanceRow"];
export type LineState = Schemas["LineState"];
export type ListedFleet = Schemas["ListedFleet"];
export type ListedRollout = Schemas["ListedRollout"];
export type NewsReport = Schemas["NewsReport"];
export type Plan = Schemas["Plan"];
export type Policy = Schemas["Policy"];
export type PolicyShown = Schemas["PolicyShown"];
export type Problem = Schemas["Problem"];
export type RolloutDetails = Schemas["RolloutDetails"];
export type Row = Schemas["Row"];
export type ScaleSetRow = Schemas["ScaleSetRow"];
export type ScaleSetSummary = Schemas["ScaleSetSummary"];
export type ScaleSetView = Schemas["ScaleSetView"];
export type TestedReceiver = Schemas["TestedReceiver"];
export type TimelineBatch = Schemas["TimelineBatch"];
export type Wave = Schemas["WaveDetails"];
