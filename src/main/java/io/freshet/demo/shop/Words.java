package io.freshet.demo.shop;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.random.RandomGenerator;

/** Titles made of words that mean something: each word has a latent vector, wherever it is used. */
final class Words {

    private static final double STYLE = 1;
    private static final double MATERIAL = 0.5;
    private static final double PRODUCT = 0.8;
    private static final double OWN = 0.3;
    private static final int ATTEMPTS = 20;

    private final RandomGenerator random;
    private final Map<String, double[]> vectors = new HashMap<>();
    private final Set<String> used = new HashSet<>();

    Words(RandomGenerator random) {
        this.random = random;
    }

    /** A title that no other item has, and its latent vector. */
    record Title(String text, double[] vector) {}

    /** The latent vector of a word. */
    double[] vector(String word) {
        return vectors.computeIfAbsent(word, unused -> Latent.random(random));
    }

    Title title(Department department) {
        for (int edition = 1; ; edition++) {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                String style = Draw.any(random, department.styles());
                String material = Draw.any(random, department.materials());
                String product = Draw.any(random, department.products());
                String words = style + " " + material + " " + product;
                String text = edition == 1 ? words : words + " no. " + edition;
                if (used.add(text)) {
                    return new Title(text, vector(style, material, product));
                }
            }
        }
    }

    private double[] vector(String style, String material, String product) {
        double[] vector = new double[Latent.WIDTH];
        Latent.add(vector, STYLE, vector(style));
        Latent.add(vector, MATERIAL, vector(material));
        Latent.add(vector, PRODUCT, vector(product));
        Latent.add(vector, OWN, Latent.random(random));
        return Latent.normalize(vector);
    }

    /** Arithmetic of latent vectors. */
    static final class Latent {

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
}
