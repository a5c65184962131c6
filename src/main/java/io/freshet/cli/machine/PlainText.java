package io.freshet.cli.machine;

import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.charset.Charset;
import java.nio.charset.CharsetEncoder;
import java.text.Normalizer;
import java.util.Map;

/** Text for a charset: plain characters take the place of those that it lacks. */
public final class PlainText {

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final Map<Character, String> LIKE =
            Map.of('…', "...", '↑', "^", '↓', "v", '±', "+-", '·', "*");

    private PlainText() {}

    /** Returns the text, without characters that the charset can't encode. */
    public static String of(String text, Charset charset) {
        CharsetEncoder encoder = charset.newEncoder();
        if (encoder.canEncode(text)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints()
                .mapToObj(Character::toString)
                .forEach(each -> plain.append(encoder.canEncode(each) ? each : plain(each)));
        return plain.toString();
    }

    /** Writes such text to a stream. */
    public static PrintWriter writer(OutputStream out, Charset charset) {
        Writer encoded = new OutputStreamWriter(out, charset);
        return new PrintWriter(
                new Writer() {
                    @Override
                    public void write(char[] text, int from, int length) throws IOException {
                        encoded.write(of(new String(text, from, length), charset));
                    }

                    @Override
                    public void flush() throws IOException {
                        encoded.flush();
                    }

                    @Override
                    public void close() throws IOException {
                        encoded.close();
                    }
                },
                true);
    }

    private static String plain(String character) {
        String like = LIKE.get(character.charAt(0));
        if (like != null) {
            return like;
        }
        int bar = BARS.indexOf(character);
        if (bar >= 0) {
            return String.valueOf(bar + 1);
        }
        char base = Normalizer.normalize(character, Normalizer.Form.NFD).charAt(0);
        return base < 128 ? String.valueOf(base) : "?";
    }
}
