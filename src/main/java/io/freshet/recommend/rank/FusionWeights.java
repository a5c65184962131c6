package io.freshet.recommend.rank;

import io.freshet.recommend.FusionState;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * A log-linear model over the candidates of a request, P(c) = softmax over c of w·x(c), learned
 * online from what users chose: the gradient of log P(label) is x(label) - E[x], its Fisher
 * information the covariance of x under P.
 *
 * <p>A request's <em>segment</em> (such as how long the history is) has weights of its own that are
 * added to the common ones, start at 0, and need more evidence to move.
 */
public final class FusionWeights {

    private static final double PRECISION = 10;
    private static final double SEGMENT_PRECISION = 100;

    /** A candidate less likely than this adds nothing that could be told. */
    private static final double NEGLIGIBLE = 1e-7;

    private final String[] features;
    private final int width;

    /** The common ones first, then one by segment. */
    private final GaussianPosterior[] beliefs;

    private final float[] effective;
    private final double[] expected;
    private final double[] slope;
    private final double[] fisher;
    private double[] probabilities = new double[0];

    /**
     * @param features name of each feature, [width]
     * @param initial common weights to start with, [width]
     * @param segments how many segments there are
     */
    public FusionWeights(String[] features, float[] initial, int segments) {
        this.features = features;
        this.width = initial.length;
        beliefs = new GaussianPosterior[1 + segments];
        Arrays.setAll(beliefs, row -> new GaussianPosterior(new float[width], SEGMENT_PRECISION));
        beliefs[0] = new GaussianPosterior(initial, PRECISION);
        effective = new float[width];
        expected = new double[width];
        slope = new double[width];
        fisher = new double[width * width];
    }

    /** What must be stored. */
    public FusionState store() {
        FusionState state = new FusionState();
        state.features = features.clone();
        state.means = new double[beliefs.length * width];
        state.information = new double[beliefs.length * width * width];
        for (int row = 0; row < beliefs.length; row++) {
            for (int f = 0; f < width; f++) {
                int at = row * width + f;
                state.means[at] = beliefs[row].mean(f);
                for (int g = 0; g < width; g++) {
                    state.information[at * width + g] = beliefs[row].information(f, g);
                }
            }
        }
        return state;
    }

    /**
     * Takes the average of what instances have learned of each feature. A feature that they did not
     * have, such as a new half-life, starts anew; what they learned of one that is gone is dropped.
     */
    public void restore(List<FusionState> states) {
        List<FusionState> usable = states.stream().filter(this::fits).toList();
        for (FusionState state : usable) {
            if (!Arrays.equals(state.features, usable.get(0).features)) {
                throw new IllegalStateException(
                        "Instances of one job know other features: %s and %s"
                                .formatted(
                                        Arrays.toString(state.features),
                                        Arrays.toString(usable.get(0).features)));
            }
        }
        if (usable.isEmpty()) {
            return;
        }
        List<String> known = Arrays.asList(usable.get(0).features);
        for (int f = 0; f < width; f++) {
            int there = known.indexOf(features[f]);
            for (int row = 0; row < beliefs.length && there >= 0; row++) {
                int at = row * known.size() + there;
                beliefs[row].restore(f, average(usable, state -> state.means[at]));
                for (int g = 0; g < width; g++) {
                    int pair = known.indexOf(features[g]);
                    if (pair >= 0) {
                        int cell = at * known.size() + pair;
                        beliefs[row].restore(
                                f, g, average(usable, state -> state.information[cell]));
                    }
                }
            }
        }
    }

    private boolean fits(FusionState state) {
        int stored = state.features.length;
        return stored > 0
                && state.means.length == beliefs.length * stored
                && state.information.length == beliefs.length * stored * stored;
    }

    private static double average(List<FusionState> states, ToDoubleFunction<FusionState> value) {
        return states.stream().mapToDouble(value).average().orElseThrow();
    }

    /** The weights that count for a segment, [width]; valid until the next call. */
    public float[] of(int segment) {
        for (int f = 0; f < width; f++) {
            effective[f] = (float) (beliefs[0].mean(f) + beliefs[1 + segment].mean(f));
        }
        return effective;
    }

    /**
     * Learns that one candidate was chosen.
     *
     * @param features row-major, [size, width]
     * @param label position of what was chosen
     */
    public void learn(float[] features, int size, int segment, int label) {
        observe(features, size, of(segment));
        for (int f = 0; f < width; f++) {
            slope[f] = features[label * width + f] - expected[f];
        }
        beliefs[0].learn(slope, fisher);
        beliefs[1 + segment].learn(slope, fisher);
    }

    /** Leaves mean and covariance of the features under some weights in the fields. */
    private void observe(float[] features, int size, float[] w) {
        if (probabilities.length < size) {
            probabilities = new double[2 * size];
        }
        double best = Double.NEGATIVE_INFINITY;
        for (int c = 0; c < size; c++) {
            probabilities[c] = dot(features, c, w);
            best = Math.max(best, probabilities[c]);
        }
        double sum = 0;
        Arrays.fill(expected, 0);
        Arrays.fill(fisher, 0);
        for (int c = 0; c < size; c++) {
            double p = Math.exp(probabilities[c] - best);
            sum += p;
            if (p > NEGLIGIBLE) {
                add(p, features, c * width);
            }
        }
        for (int f = 0; f < width; f++) {
            expected[f] /= sum;
            for (int g = 0; g <= f; g++) {
                fisher[f * width + g] = fisher[f * width + g] / sum - expected[f] * expected[g];
            }
        }
    }

    private void add(double p, float[] features, int at) {
        for (int f = 0; f < width; f++) {
            double weighted = p * features[at + f];
            expected[f] += weighted;
            for (int g = 0; g <= f; g++) {
                fisher[f * width + g] += weighted * features[at + g];
            }
        }
    }

    /** Score of one candidate. */
    public static double dot(float[] features, int candidate, float[] w) {
        double sum = 0;
        for (int f = 0; f < w.length; f++) {
            sum += w[f] * features[candidate * w.length + f];
        }
        return sum;
    }
}
