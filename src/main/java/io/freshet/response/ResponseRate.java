package io.freshet.response;

/**
 * How often exposures that have something in common were responded to, and how often that was
 * expected of their contexts alone; older ones count less. A plain POJO: fields may be added, and
 * state written before still reads.
 *
 * <p>The ratio of the two is "clicks over expected clicks" (Zhang and Jones, "Comparing click logs
 * and editorial labels for training query rewriting", WWW 2007): an item that is shown where few
 * respond is not taken for a bad one.
 */
public final class ResponseRate {

    /** About as many of the last exposures count. */
    private static final int MEMORY = 2000;

    /** As many exposures of which all is as expected are added, so that few say little. */
    private static final double SMOOTHING = 10;

    /** Exposures. */
    public float shown;

    /** Those of them with a response. */
    public float responded;

    /** Responses that were expected. */
    public float expected;

    /** Adds an exposure. */
    void add(boolean response, double expectedResponse) {
        float kept = 1 - 1f / MEMORY;
        shown = shown * kept + 1;
        responded = responded * kept + (response ? 1 : 0);
        expected = expected * kept + (float) expectedResponse;
    }

    /** Share of exposures with a response, drawn towards {@code prior}. */
    double share(double prior) {
        return smoothed(responded, prior);
    }

    /** Log-odds of a response beyond those that were expected; 0 without exposures. */
    double surprise(double prior) {
        return logOdds(smoothed(responded, prior)) - logOdds(smoothed(expected, prior));
    }

    /** Log-odds of a response beyond those of {@code prior}; 0 without exposures. */
    double lift(double prior) {
        return logOdds(share(prior)) - logOdds(prior);
    }

    private double smoothed(double count, double prior) {
        return (count + SMOOTHING * prior) / (shown + SMOOTHING);
    }

    static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }
}
