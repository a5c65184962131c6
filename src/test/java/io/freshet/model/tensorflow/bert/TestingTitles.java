package io.freshet.model.tensorflow.bert;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Titles of shops and films. */
final class TestingTitles {

    private TestingTitles() {}

    /** 100 titles. */
    static List<String> english() throws IOException {
        return lines("titles.txt");
    }

    /** 20 titles. */
    static List<String> chinese() throws IOException {
        return lines("titles-zh.txt");
    }

    private static List<String> lines(String resource) throws IOException {
        try (InputStream file = OnnxReference.resource(resource)) {
            return new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
        }
    }
}
