/** The part of autocannon that is used here; the package brings no types. */
declare module "autocannon" {
  interface Options {
    url: string;
    duration: number;
    connections: number;
    method: string;
    headers: Record<string, string>;
    body?: string;
  }
  interface Result {
    errors: number;
    non2xx: number;
    requests: { average: number; total: number };
    latency: { p50: number; p99: number };
  }
  export default function autocannon(options: Options): Promise<Result>;
}
