package io.freshet.runtime;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * How good predicted probabilities of a binary label are. A figure that is not defined, such as the
 * AUC without both labels, is NaN.
 */
public final class ClassificationMetrics {

    private static final double LEAST_PROBABILITY = 1e-6;

    private final List<Prediction> predictions = new ArrayList<>();

    private record Prediction(String group, double probability, boolean label) {}

    /**
     * Adds a prediction.
     *
     * @param group whose it is, such as a user
     * @param probability predicted probability of the label, 0 to 1
     */
    public void add(String group, double probability, boolean label) {
        predictions.add(new Prediction(group, probability, label));
    }

    /** Number of predictions. */
    public int count() {
        return predictions.size();
    }

    /** Number of those that have the label. */
    public int positives() {
        return positives(predictions);
    }

    /** Mean of -ln p of what came, p no less than 1e-6. */
    public double logLoss() {
        return predictions.stream()
                .mapToDouble(each -> logLoss(each.probability(), each.label()))
                .average()
                .orElse(Double.NaN);
    }

    /** -ln of the probability of what came, which is taken for no less than 1e-6. */
    public static double logLoss(double probability, boolean label) {
        return -Math.log(Math.max(label ? probability : 1 - probability, LEAST_PROBABILITY));
    }

    /** Mean probability over the share with the label: 1 if as many have it as was predicted. */
    public double calibration() {
        double sum = predictions.stream().mapToDouble(Prediction::probability).sum();
        return positives() == 0 ? Double.NaN : sum / positives();
    }

    /** Chance that one with the label has a greater probability than one without; ties half. */
    public double auc() {
        return auc(predictions);
    }

    /** The AUC within each group with both labels, averaged by their sizes. */
    public double gauc() {
        Map<String, List<Prediction>> groups = new LinkedHashMap<>();
        for (Prediction each : predictions) {
            groups.computeIfAbsent(each.group(), group -> new ArrayList<>()).add(each);
        }
        double sum = 0;
        int weights = 0;
        for (List<Prediction> group : groups.values()) {
            double auc = auc(group);
            if (!Double.isNaN(auc)) {
                sum += auc * group.size();
                weights += group.size();
            }
        }
        return weights == 0 ? Double.NaN : sum / weights;
    }

    /** By the sum of ranks of those with the label (Mann and Whitney), ties at their mean rank. */
    private static double auc(List<Prediction> all) {
        List<Prediction> ascending =
                all.stream().sorted(Comparator.comparingDouble(Prediction::probability)).toList();
        int size = ascending.size();
        double ranks = 0;
        for (int from = 0, to; from < size; from = to) {
            double probability = ascending.get(from).probability();
            to = from;
            while (to < size && ascending.get(to).probability() == probability) {
                to++;
            }
            ranks += (from + to + 1) / 2.0 * positives(ascending.subList(from, to));
        }
        double ones = positives(all);
        double zeros = size - ones;
        return ones == 0 || zeros == 0
                ? Double.NaN
                : (ranks - ones * (ones + 1) / 2) / (ones * zeros);
    }

    private static int positives(List<Prediction> predictions) {
        return (int) predictions.stream().filter(Prediction::label).count();
    }
}
