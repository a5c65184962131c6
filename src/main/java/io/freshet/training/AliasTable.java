package io.freshet.training;

import java.util.SplittableRandom;

/** Draws indices with given probabilities in constant time (Walker's alias method). */
final class AliasTable {

    private final double[] keep;
    private final int[] alias;

    /**
     * @param probabilities not negative, with sum 1
     */
    AliasTable(double[] probabilities) {
        int n = probabilities.length;
        this.keep = new double[n];
        this.alias = new int[n];
        int[] small = new int[n];
        int[] large = new int[n];
        int smalls = 0;
        int larges = 0;
        for (int i = 0; i < n; i++) {
            keep[i] = probabilities[i] * n;
            alias[i] = i;
            if (keep[i] < 1) {
                small[smalls++] = i;
            } else {
                large[larges++] = i;
            }
        }
        while (smalls > 0 && larges > 0) {
            int poor = small[--smalls];
            int rich = large[--larges];
            alias[poor] = rich;
            keep[rich] -= 1 - keep[poor];
            if (keep[rich] < 1) {
                small[smalls++] = rich;
            } else {
                large[larges++] = rich;
            }
        }
        while (smalls > 0) {
            keep[small[--smalls]] = 1;
        }
    }

    int draw(SplittableRandom random) {
        int index = random.nextInt(keep.length);
        return random.nextDouble() < keep[index] ? index : alias[index];
    }
}
