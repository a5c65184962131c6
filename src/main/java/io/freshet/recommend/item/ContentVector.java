package io.freshet.recommend.item;

/**
 * An item's content vector in a byte for each number, made to be compared with many others.
 *
 * <p>A cosine needs no common scale, so the largest number becomes {@value #LARGEST}, and all are
 * kept with {@value #OFFSET} added, eight to a long. One multiplication of longs then gives the sum
 * of four products: of digits u and w of 16 bits each, w in reverse, the product's highest digit is
 * u[0]·w[0] + u[1]·w[1] + u[2]·w[2] + u[3]·w[3], which is at most 4·127² and so carries nothing
 * over. The JIT compiler makes vector instructions of it where the processor multiplies longs so.
 */
public final class ContentVector {

    /** Of an item without content. */
    static final ContentVector NONE = new ContentVector(new byte[0]);

    private static final int LARGEST = 63;
    private static final int OFFSET = 64;
    private static final long EVERY_OTHER_BYTE = 0x00ff00ff00ff00ffL;
    private static final int HIGHEST_DIGIT = 48;

    private final long[] packed;
    private final int width;
    private final int sum;
    private final double length;

    /**
     * @param numbers each at most {@value #LARGEST}
     */
    private ContentVector(byte[] numbers) {
        width = numbers.length;
        packed = new long[(width + Long.BYTES - 1) / Long.BYTES];
        int added = 0;
        long squares = 0;
        for (int i = 0; i < width; i++) {
            long digit = numbers[i] + OFFSET;
            packed[i / Long.BYTES] |= digit << shift(i);
            added += (int) digit;
            squares += numbers[i] * numbers[i];
        }
        sum = added;
        length = Math.sqrt(squares);
    }

    static ContentVector of(float[] vector) {
        float largest = 0;
        for (float value : vector) {
            largest = Math.max(largest, Math.abs(value));
        }
        byte[] numbers = new byte[vector.length];
        for (int i = 0; i < numbers.length && largest > 0; i++) {
            numbers[i] = (byte) Math.round(LARGEST * vector[i] / largest);
        }
        return numbers.length == 0 ? NONE : new ContentVector(numbers);
    }

    /** Of stored numbers, which earlier releases scaled otherwise. */
    static ContentVector of(byte[] stored) {
        float[] vector = new float[stored.length];
        for (int i = 0; i < vector.length; i++) {
            vector[i] = stored[i];
        }
        return of(vector);
    }

    /** The numbers, to be stored. */
    byte[] numbers() {
        byte[] numbers = new byte[width];
        for (int i = 0; i < width; i++) {
            numbers[i] = (byte) ((packed[i / Long.BYTES] >>> shift(i) & 0xff) - OFFSET);
        }
        return numbers;
    }

    private static int shift(int index) {
        return index % Long.BYTES * Byte.SIZE;
    }

    /** How many numbers there are, 0 for an item without content. */
    public int width() {
        return width;
    }

    /** This vector, to be compared with others. */
    public Comparison comparison() {
        return new Comparison(this);
    }

    /** Compares a vector with others. */
    public static final class Comparison {

        private final ContentVector vector;
        private final long[] reversed;

        private Comparison(ContentVector vector) {
            this.vector = vector;
            reversed = new long[vector.packed.length];
            for (int i = 0; i < reversed.length; i++) {
                reversed[i] = Long.reverseBytes(vector.packed[i]);
            }
        }

        /** Whether both have content, of one width. */
        public boolean isDefinedFor(ContentVector other) {
            return vector.width > 0 && vector.width == other.width;
        }

        /** Cosine of the two, or 0 where it is below or not {@linkplain #isDefinedFor defined}. */
        public double cosine(ContentVector other) {
            if (!isDefinedFor(other)) {
                return 0;
            }
            long sums = (long) OFFSET * (vector.sum + other.sum);
            long dot = products(other.packed) - sums + (long) OFFSET * OFFSET * vector.width;
            return dot <= 0 ? 0 : dot / (vector.length * other.length);
        }

        private long products(long[] other) {
            long products = 0;
            for (int i = 0; i < other.length; i++) {
                long here = reversed[i];
                long there = other[i];
                long even = (there & EVERY_OTHER_BYTE) * (here >>> Byte.SIZE & EVERY_OTHER_BYTE);
                long odd = (there >>> Byte.SIZE & EVERY_OTHER_BYTE) * (here & EVERY_OTHER_BYTE);
                products += (even >>> HIGHEST_DIGIT) + (odd >>> HIGHEST_DIGIT);
            }
            return products;
        }
    }
}
