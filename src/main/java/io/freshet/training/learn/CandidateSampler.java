package io.freshet.training.learn;

import io.freshet.model.Vocabulary;
import io.freshet.training.learn.SequenceChunker.Chunk;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Chooses what a batch's softmax runs over: its distinct targets and {@code negatives} draws that
 * all of its targets share, half of them uniform over all items (so that every row is pushed now
 * and then) and half by frequency to the power of 3/4 (so that the hard ones are met often).
 *
 * <p>An item becomes a candidate by one of K draws, each with probability q, or by being one of the
 * batch's M targets, each with probability f, its share of all targets. Duplicates fall together,
 * so the expected number of times that a candidate is there is the probability of at least one,
 * {@code 1 - (1-q)^K (1-f)^M}. Its logarithm is the candidate's logQ: subtracted from the logit, it
 * makes the sampled softmax an estimate of the full one.
 *
 * <p>With as many negatives as items, all rows are candidates and logQ is 0: the softmax is exact.
 */
final class CandidateSampler {

    private static final double FREQUENCY_POWER = 0.75;
    private static final double UNIFORM_SHARE = 0.5;

    /**
     * What the softmax of a batch runs over.
     *
     * @param rows distinct rows, [C]
     * @param logQ log of each row's expected number of times among the candidates, [C]
     * @param labels index into {@code rows} of each target, [M]
     */
    record Candidates(int[] rows, float[] logQ, int[] labels) {}

    private final int negatives;
    private final int[] items;
    private final double[] drawProbability;
    private final double[] targetShare;
    private final AliasTable draws;
    private final int[] place;

    /**
     * @param vocabulary rows of the model
     * @param chunks what is trained; frequencies are counted in it
     * @param negatives draws per batch, K
     */
    CandidateSampler(Vocabulary vocabulary, List<Chunk> chunks, int negatives) {
        this.items = itemRows(vocabulary);
        this.negatives = Math.min(negatives, items.length);
        this.place = new int[vocabulary.size()];
        this.targetShare = new double[vocabulary.size()];
        double[] counts = new double[vocabulary.size()];
        count(chunks, counts);
        this.drawProbability = mixture(counts);
        double[] byItem = new double[items.length];
        Arrays.setAll(byItem, i -> drawProbability[items[i]]);
        this.draws = new AliasTable(byItem);
    }

    /** Candidates for a batch with the given target rows. */
    Candidates sample(int[] targets, SplittableRandom random) {
        return negatives == items.length ? all(targets) : some(targets, random);
    }

    private Candidates all(int[] targets) {
        for (int i = 0; i < items.length; i++) {
            place[items[i]] = i;
        }
        int[] labels = new int[targets.length];
        for (int i = 0; i < targets.length; i++) {
            labels[i] = place[targets[i]];
        }
        return new Candidates(items.clone(), new float[items.length], labels);
    }

    private Candidates some(int[] targets, SplittableRandom random) {
        Arrays.fill(place, -1);
        int[] rows = new int[Math.min(items.length, targets.length + negatives)];
        int[] labels = new int[targets.length];
        int size = 0;
        for (int i = 0; i < targets.length; i++) {
            if (place[targets[i]] < 0) {
                place[targets[i]] = size;
                rows[size++] = targets[i];
            }
            labels[i] = place[targets[i]];
        }
        for (int i = 0; i < negatives; i++) {
            int row = items[draws.draw(random)];
            if (place[row] < 0) {
                place[row] = size;
                rows[size++] = row;
            }
        }
        float[] logQ = new float[size];
        for (int i = 0; i < size; i++) {
            double absent =
                    negatives * Math.log1p(-drawProbability[rows[i]])
                            + targets.length * Math.log1p(-targetShare[rows[i]]);
            logQ[i] = (float) Math.log(-Math.expm1(absent));
        }
        return new Candidates(Arrays.copyOf(rows, size), logQ, labels);
    }

    private void count(List<Chunk> chunks, double[] counts) {
        double all = 0;
        for (Chunk chunk : chunks) {
            for (int row : chunk.rows()) {
                counts[row]++;
            }
            for (int target : chunk.targets()) {
                targetShare[target]++;
                all++;
            }
        }
        for (int row = 0; row < targetShare.length && all > 0; row++) {
            targetShare[row] /= all;
        }
    }

    private double[] mixture(double[] counts) {
        double[] weights = new double[counts.length];
        double sum = 0;
        for (int row : items) {
            weights[row] = Math.pow(counts[row], FREQUENCY_POWER);
            sum += weights[row];
        }
        double byFrequency = sum > 0 ? 1 - UNIFORM_SHARE : 0;
        for (int row : items) {
            double frequency = sum > 0 ? weights[row] / sum : 0;
            weights[row] = (1 - byFrequency) / items.length + byFrequency * frequency;
        }
        return weights;
    }

    private static int[] itemRows(Vocabulary vocabulary) {
        int[] rows = new int[vocabulary.size()];
        int count = 0;
        for (int row = 1; row < rows.length; row++) {
            if (!vocabulary.itemId(row).isEmpty()) {
                rows[count++] = row;
            }
        }
        return Arrays.copyOf(rows, count);
    }

    /** Draws indices with given probabilities in constant time (Walker's alias method). */
    private static final class AliasTable {

        private final double[] keep;
        private final int[] alias;

        /**
         * @param probabilities not negative, with sum 1
         */
        AliasTable(double[] probabilities) {
            int n = probabilities.length;
            this.keep = new double[n];
            this.alias = new int[n];
            int[] small = new int[n];
            int[] large = new int[n];
            int smalls = 0;
            int larges = 0;
            for (int i = 0; i < n; i++) {
                keep[i] = probabilities[i] * n;
                alias[i] = i;
                if (keep[i] < 1) {
                    small[smalls++] = i;
                } else {
                    large[larges++] = i;
                }
            }
            while (smalls > 0 && larges > 0) {
                int poor = small[--smalls];
                int rich = large[--larges];
                alias[poor] = rich;
                keep[rich] -= 1 - keep[poor];
                if (keep[rich] < 1) {
                    small[smalls++] = rich;
                } else {
                    large[larges++] = rich;
                }
            }
            while (smalls > 0) {
                keep[small[--smalls]] = 1;
            }
        }

        int draw(SplittableRandom random) {
            int index = random.nextInt(keep.length);
            return random.nextDouble() < keep[index] ? index : alias[index];
        }
    }
}
