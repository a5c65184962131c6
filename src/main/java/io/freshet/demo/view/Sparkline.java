package io.freshet.demo.view;

import java.util.List;

/** A curve in one line of text. */
final class Sparkline {

    private static final String BARS = "▁▂▃▄▅▆▇█";

    private Sparkline() {}

    /**
     * One character per value, the newest at the right end.
     *
     * @param least value of the lowest bar
     * @param most value of the highest bar
     * @param width most characters; older values are left out
     */
    static String of(List<Float> values, float least, float most, int width) {
        StringBuilder line = new StringBuilder();
        for (float value : values.subList(Math.max(0, values.size() - width), values.size())) {
            float share = most > least ? (value - least) / (most - least) : 0;
            int bar = Math.round(share * (BARS.length() - 1));
            line.append(BARS.charAt(Math.max(0, Math.min(BARS.length() - 1, bar))));
        }
        return line.toString();
    }
}
