package io.freshet.demo.shop;

import java.util.random.RandomGenerator;

/** Arithmetic of latent vectors. */
final class Latent {

    /** Coordinates of a vector. */
    static final int WIDTH = 12;

    private Latent() {}

    /** A vector of expected length 1 in a random direction. */
    static double[] random(RandomGenerator random) {
        double[] vector = new double[WIDTH];
        for (int i = 0; i < WIDTH; i++) {
            vector[i] = random.nextGaussian() / Math.sqrt(WIDTH);
        }
        return vector;
    }

    /** Adds {@code scale} times {@code other} to {@code vector}. */
    static void add(double[] vector, double scale, double[] other) {
        for (int i = 0; i < WIDTH; i++) {
            vector[i] += scale * other[i];
        }
    }

    /** Scales to length 1. */
    static double[] normalize(double[] vector) {
        double length = Math.sqrt(dot(vector, vector));
        for (int i = 0; i < WIDTH; i++) {
            vector[i] /= length;
        }
        return vector;
    }

    static double dot(double[] left, double[] right) {
        double sum = 0;
        for (int i = 0; i < WIDTH; i++) {
            sum += left[i] * right[i];
        }
        return sum;
    }
}
