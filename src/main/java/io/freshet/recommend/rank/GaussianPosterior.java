package io.freshet.recommend.rank;

import java.util.Arrays;

/**
 * What is believed of some weights: a Gaussian, by its mean and its information matrix (the inverse
 * of the covariance). One observation of a log-linear model adds its Fisher information, and moves
 * the mean by a Newton step, so that no learning rate is needed and correlated features are told
 * apart: the extended Kalman filter of logistic regression, close to the online Newton step (Hazan,
 * Agarwal, Kale, Machine Learning 2007). What was observed long ago fades, and the belief returns
 * to where it began.
 */
final class GaussianPosterior {

    /** Share of the information that is left after one more observation. */
    private static final double MEMORY = 0.999;

    private final int width;
    private final double[] initial;
    private final double precision;
    private final double[] mean;
    private final double[] information;
    private final double[] factor;
    private final double[] step;

    /**
     * @param initial mean to begin with, [width]
     * @param precision how sure that is: the information of each weight
     */
    GaussianPosterior(float[] initial, double precision) {
        width = initial.length;
        this.initial = new double[width];
        Arrays.setAll(this.initial, i -> initial[i]);
        this.precision = precision;
        mean = this.initial.clone();
        information = new double[width * width];
        for (int i = 0; i < width; i++) {
            information[i * width + i] = precision;
        }
        factor = new double[width * width];
        step = new double[width];
    }

    double mean(int weight) {
        return mean[weight];
    }

    /** Information of a pair of weights. */
    double information(int weight, int other) {
        return information[weight * width + other];
    }

    void restore(int weight, double value) {
        mean[weight] = value;
    }

    void restore(int weight, int other, double value) {
        information[weight * width + other] = value;
    }

    /**
     * Learns from one observation.
     *
     * @param slope gradient of its log-likelihood, [width]
     * @param fisher its Fisher information, [width, width]; the lower triangle is read
     */
    void learn(double[] slope, double[] fisher) {
        double fading = (1 - MEMORY) * precision;
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = MEMORY * information[i * width + j] + fisher[i * width + j];
                information[i * width + j] = sum;
                information[j * width + i] = sum;
            }
            information[i * width + i] += fading;
            step[i] = slope[i] - fading * (mean[i] - initial[i]);
        }
        if (factorize()) {
            solve();
            for (int i = 0; i < width; i++) {
                mean[i] += step[i];
            }
        }
    }

    /** Cholesky: information = L·Lᵀ; false if rounding left it without one. */
    private boolean factorize() {
        for (int i = 0; i < width; i++) {
            for (int j = 0; j <= i; j++) {
                double sum = information[i * width + j];
                for (int k = 0; k < j; k++) {
                    sum -= factor[i * width + k] * factor[j * width + k];
                }
                if (i == j && !(sum > 0)) {
                    return false;
                }
                factor[i * width + j] = i == j ? Math.sqrt(sum) : sum / factor[j * width + j];
            }
        }
        return true;
    }

    private void solve() {
        for (int i = 0; i < width; i++) {
            for (int k = 0; k < i; k++) {
                step[i] -= factor[i * width + k] * step[k];
            }
            step[i] /= factor[i * width + i];
        }
        for (int i = width - 1; i >= 0; i--) {
            for (int k = i + 1; k < width; k++) {
                step[i] -= factor[k * width + i] * step[k];
            }
            step[i] /= factor[i * width + i];
        }
    }
}
