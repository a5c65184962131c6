package io.freshet.demo.shop;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.random.RandomGenerator;

/** Random draws. */
final class Draw {

    private Draw() {}

    /** One element, all alike. */
    static <T> T any(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    /** One element by weights that are at least 0 and not all 0. */
    static <T> T weighted(RandomGenerator random, List<T> from, ToDoubleFunction<T> weight) {
        double[] sums = new double[from.size()];
        double sum = 0;
        for (int i = 0; i < sums.length; i++) {
            sum += weight.applyAsDouble(from.get(i));
            sums[i] = sum;
        }
        double at = random.nextDouble() * sum;
        int index = 0;
        while (index < sums.length - 1 && sums[index] <= at) {
            index++;
        }
        return from.get(index);
    }

    /** A waiting time with the given mean, in milliseconds. */
    static long wait(RandomGenerator random, double meanMillis) {
        return Math.max(1, Math.round(random.nextExponential() * meanMillis));
    }

    /** How often something happens that happens {@code mean} times on average; mean below 100. */
    static int count(RandomGenerator random, double mean) {
        double limit = Math.exp(-mean);
        int count = 0;
        double product = random.nextDouble();
        while (product > limit) {
            product *= random.nextDouble();
            count++;
        }
        return count;
    }
}
