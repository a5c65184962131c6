package io.freshet.recommend.rank;

import io.freshet.event.RecommendedItem.Source;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/**
 * What each source gave to a row, compared with the mean row: the sum is the row's score less the
 * mean score. Reused from request to request.
 */
final class Explanation {

    private static final Source[] SOURCES = Source.values();

    private final Features features;
    private final double[] given = new double[SOURCES.length];
    private float[] weights = {};
    private double[] means = {};
    private double meanExposure;
    private double meanRejection;

    Explanation(Features features) {
        this.features = features;
    }

    /**
     * Begins with the rows that the features were computed of last.
     *
     * @param weights of the features
     * @param exposures what exposures cost each row
     * @param rejections what rejections cost each row
     * @param size how many rows there are
     */
    void begin(float[] weights, double[] exposures, double[] rejections, int size) {
        this.weights = weights;
        means = features.means();
        meanExposure = mean(exposures, size);
        meanRejection = mean(rejections, size);
    }

    /**
     * Explains a row, until the next call.
     *
     * @param exposure what exposures cost it
     * @param rejection what rejections cost it
     */
    void explain(int row, double exposure, double rejection) {
        Arrays.fill(given, 0);
        float[] values = features.values();
        for (int f = 0; f < means.length; f++) {
            double above = values[row * means.length + f] - means[f];
            given[Features.source(f).ordinal()] += weights[f] * above;
        }
        given[Source.EXPOSURE.ordinal()] = meanExposure - exposure;
        given[Source.REJECTION.ordinal()] = meanRejection - rejection;
    }

    private static double mean(double[] values, int size) {
        return Arrays.stream(values, 0, size).average().orElse(0);
    }

    double given(Source source) {
        return given[source.ordinal()];
    }

    /** What each source added to the score. */
    Map<Source, Float> contributions() {
        Map<Source, Float> contributions = new EnumMap<>(Source.class);
        for (Source source : SOURCES) {
            if (source == Source.EXPLORATION) {
                continue;
            }
            contributions.put(source, (float) given(source));
        }
        return contributions;
    }
}
