import { cpus, loadavg, totalmem } from "node:os";
import { versions } from "../toolchain/pins.ts";

/** Where figures were taken: nothing that names the machine or its user. */
export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGB: number;
  /** `linux x64` */
  readonly system: string;
  readonly node: string;
  readonly pulumi: string;
  /** The average of waiting and running processes over the minute before the start: above 0.5, others were at work. */
  readonly loadBefore: number;
}

export function describeMachine(): Machine {
  const processors = cpus();
  return {
    cpu: processors[0]?.model.trim() ?? "unknown",
    cores: processors.length,
    memoryGB: Math.round(totalmem() / 1e9),
    system: `${process.platform} ${process.arch}`,
    node: process.version,
    pulumi: versions.pulumi,
    loadBefore: Math.round((loadavg()[0] ?? 0) * 10) / 10,
  };
}
