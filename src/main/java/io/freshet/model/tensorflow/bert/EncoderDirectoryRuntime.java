package io.freshet.model.tensorflow.bert;

import io.freshet.config.EncoderConfig.EncoderPooling;
import java.io.IOException;
import java.nio.file.Path;

/**
 * Loads an encoder from a directory that is the same wherever it is loaded.
 *
 * @param maxTokens tokens of a text that are read, markers of start and end included
 * @param width width of the vectors
 * @param digest of the directory's files
 */
record EncoderDirectoryRuntime(
        String directory, EncoderPooling pooling, int maxTokens, int width, String digest)
        implements BertRuntime {

    private static final int NAMED_DIGITS = 16;

    /**
     * Looks at the directory from here.
     *
     * @throws IOException if a file is missing or can't be read
     * @throws IllegalArgumentException if the files don't make up a BERT encoder
     */
    static EncoderDirectoryRuntime of(String directory, EncoderPooling pooling, int maxTokens)
            throws IOException {
        EncoderDirectory files = new EncoderDirectory(Path.of(directory));
        return new EncoderDirectoryRuntime(
                directory, pooling, maxTokens, files.read(pooling).spec().width(), files.digest());
    }

    /** By content, not by place: the files may move. */
    @Override
    public String name() {
        return digest.substring(0, NAMED_DIGITS) + "/" + pooling + "/" + maxTokens;
    }

    /**
     * @throws IOException if a file is missing, can't be read, or is not what it was where the job
     *     was submitted
     */
    @Override
    public BertModel read() throws IOException {
        EncoderDirectory files = new EncoderDirectory(Path.of(directory));
        String found = files.digest();
        if (!found.equals(digest)) {
            throw new IOException(
                    "The encoder in "
                            + directory
                            + " has SHA-256 "
                            + found
                            + ", expected "
                            + digest
                            + " as where the job was submitted: every task manager needs the same"
                            + " files there");
        }
        return files.read(pooling);
    }
}
