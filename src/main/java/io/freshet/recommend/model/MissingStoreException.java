package io.freshet.recommend.model;

import java.io.IOException;

/** Not only a model is missing, but the whole model store. */
public final class MissingStoreException extends IOException {

    private static final long serialVersionUID = 1L;

    /**
     * @param path where it should be
     */
    public MissingStoreException(String path, IOException cause) {
        super(
                "%s is not there, although a version in it was announced, expected the directory in which the fine-tuner writes; mount the same store on every task manager, or set store.path to one that all share"
                        .formatted(path),
                cause);
    }
}
