package io.freshet.model;

/**
 * Numbers with a shape.
 *
 * @param shape dimensions, none for a scalar
 * @param values row-major, as many as the product of the dimensions
 */
public record FloatTensor(long[] shape, float[] values) {}
