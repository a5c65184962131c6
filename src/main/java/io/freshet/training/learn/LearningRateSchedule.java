package io.freshet.training.learn;

import io.freshet.config.TrainingConfig;

/**
 * Learning rates over the steps of one training: a linear rise, then a fall along a cosine to zero.
 * The body is frozen at first, while new item rows and adapters find their place, and then has a
 * rise and fall of its own (Howard and Ruder, "Universal Language Model Fine-tuning for Text
 * Classification", ACL 2018).
 */
public final class LearningRateSchedule {

    private final int steps;
    private final int frozen;
    private final float headRate;
    private final float bodyRate;
    private final float layerDecay;
    private final float warmup;

    private LearningRateSchedule(
            int steps,
            float headFirst,
            float headRate,
            float bodyRate,
            float layerDecay,
            float warmup) {
        this.steps = steps;
        this.frozen = Math.round(headFirst * steps);
        this.headRate = headRate;
        this.bodyRate = bodyRate;
        this.layerDecay = layerDecay;
        this.warmup = warmup;
    }

    /** The schedule of a window: head first, then all, the body slower. */
    public static LearningRateSchedule fineTuning(TrainingConfig config, int steps) {
        return new LearningRateSchedule(
                steps,
                config.optimizer().headFirst(),
                config.optimizer().headRate(),
                config.optimizer().bodyRate(),
                config.optimizer().layerDecay(),
                config.optimizer().warmup());
    }

    /** The schedule of a base version: the whole model at one rate. */
    public static LearningRateSchedule pretraining(TrainingConfig config, int steps) {
        return new LearningRateSchedule(
                steps,
                0,
                config.pretraining().rate(),
                config.pretraining().rate(),
                1,
                config.optimizer().warmup());
    }

    /** The schedule of a new body over item vectors that stay as they are. */
    public static LearningRateSchedule bodyOnly(TrainingConfig config, int steps) {
        return new LearningRateSchedule(
                steps, 0, 0, config.pretraining().rate(), 1, config.optimizer().warmup());
    }

    /** Learning rate of item rows, adapters and biases at a step, from 0. */
    float head(int step) {
        return headRate * shape(step, steps);
    }

    /** Learning rate of the transformer at a step, from 0. */
    float body(int step) {
        return step < frozen ? 0 : bodyRate * shape(step - frozen, steps - frozen);
    }

    /** What the transformer's rate is multiplied by from each layer to the one below it. */
    float layerDecay() {
        return layerDecay;
    }

    private float shape(int step, int all) {
        float rising = warmup * all;
        if (step + 1 < rising) {
            return (step + 1) / rising;
        }
        double done = all <= rising ? 1 : (step + 1 - rising) / (all + 1 - rising);
        return (float) ((1 + Math.cos(Math.PI * done)) / 2);
    }
}
