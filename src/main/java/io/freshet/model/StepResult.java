package io.freshet.model;

/**
 * What one step found, before it changed the weights.
 *
 * @param loss weighted mean loss over the batch's positions; with a lesson, its weighted divergence
 *     included
 * @param gradientNorm global norm of the gradient before clipping
 */
public record StepResult(float loss, float gradientNorm) {}
