package io.freshet.store;

import java.io.IOException;
import java.nio.file.Path;

/** Writes a model's own files to an existing local directory. */
@FunctionalInterface
public interface Content {

    void writeTo(Path directory) throws IOException;
}
