"""Figures of alternated runs: when they are made again, how far they are apart, how they are shown."""
import statistics

NOISY = 0.15
EXTRA_ROUNDS = 2


def alternated(parties, runs, run_once, is_noisy):
    """Runs A B C A B C …, so that a machine that changes its speed changes it for all: `runs` times, and again, at most
    EXTRA_ROUNDS times, while is_noisy(parties). run_once(party) tells whether that party goes on taking part."""
    parties = list(parties)
    rounds = runs
    done = 0
    while done < rounds and parties:
        parties = [party for party in parties if run_once(party)]
        done += 1
        if done == rounds and rounds < runs + EXTRA_ROUNDS and is_noisy(parties):
            rounds += 1


def spread(values):
    """The distance between the lowest and the highest, in medians."""
    middle = statistics.median(values)
    return (max(values) - min(values)) / middle if middle else 0.0


def text_of(value):
    if value is None:
        return "–"
    if abs(value) >= 100:
        return f"{value:,.0f}"
    return f"{value:.3g}"


def paired_ratio_text(above, below):
    """Of runs that were made at the same time: the mean of their ratios, and its standard error."""
    ratios = [one / other for one, other in zip(above, below)]
    error = statistics.stdev(ratios) / len(ratios) ** 0.5 if len(ratios) > 1 else 0.0
    return f"{statistics.mean(ratios):.2f} ± {error:.2f}"


def ratio_text(above, below):
    """None: not measured."""
    return "–" if above is None or not below else f"{above / below:.2f}"
