"""Answers addresses with a Python resolver: one line in, `province/city/county` or a code out.

The last line holds addresses per second of processor time and the peak memory in MB.
"""

import resource
import sys
import time


def cpca_resolver():
    import cpca

    def resolve(addresses):
        frame = cpca.transform(addresses)
        return [code if isinstance(code, str) else "" for code in frame["adcode"]]

    return resolve


def jionlp_resolver():
    import jionlp

    def resolve(addresses):
        found = []
        for address in addresses:
            try:
                parsed = jionlp.parse_location(address)
            except Exception:  # it fails on some texts
                parsed = {}
            names = [parsed.get(level) or "" for level in ("province", "city", "county")]
            found.append("/".join(names))
        return found

    return resolve


def main():
    resolvers = {"cpca": cpca_resolver, "jionlp": jionlp_resolver}
    real = sys.stdout
    sys.stdout = sys.stderr  # jionlp prints a greeting
    resolve = resolvers[sys.argv[1]]()
    addresses = [line.rstrip("\n") for line in sys.stdin]
    resolve(addresses[:1])
    started = time.process_time()
    found = resolve(addresses)
    rate = len(addresses) / (time.process_time() - started)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    real.write("".join(f"{line}\n" for line in found))
    real.write(f"{rate:.0f} {peak:.0f}\n")


if __name__ == "__main__":
    main()
