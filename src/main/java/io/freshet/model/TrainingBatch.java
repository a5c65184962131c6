package io.freshet.model;

import org.jspecify.annotations.Nullable;

/**
 * Sequences with targets, and the candidates that their loss runs over. Every target is one of the
 * candidates; the others are negatives that all targets of the batch share.
 *
 * @param size number of sequences, B
 * @param length columns, T
 * @param items item rows, [B, T] row-major, filled from the left, 0 behind the end
 * @param attributes what else is known of the positions
 * @param positions flat index b·T+t of every position that has a target, [M]
 * @param labels index into {@code candidates} of each position's target, [M]
 * @param candidates distinct rows to score, [C]
 * @param logQ log of the expected number of times each candidate is drawn, subtracted from its
 *     logit in training (Yi et al., "Sampling-Bias-Corrected Neural Modeling", RecSys 2019), [C]
 * @param weights weight of each position in the loss, [M]
 * @param ratings rating of each position's target, {@link Float#NaN} where there is none, [M]
 * @param rejected what users rejected
 * @param lesson what an earlier state of the model said at some positions; null for no distillation
 */
public record TrainingBatch(
        int size,
        int length,
        int[] items,
        SequenceAttributes attributes,
        int[] positions,
        int[] labels,
        int[] candidates,
        float[] logQ,
        float[] weights,
        float[] ratings,
        Rejected rejected,
        @Nullable Lesson lesson) {}
