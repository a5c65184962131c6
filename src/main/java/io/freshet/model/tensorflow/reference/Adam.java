package io.freshet.model.tensorflow.reference;

/**
 * Constants of Adam (Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015) as the
 * SASRec family uses it.
 */
final class Adam {

    static final float BETA1 = 0.9f;
    static final float BETA2 = 0.98f;
    static final float EPSILON = 1e-8f;

    private Adam() {}
}
