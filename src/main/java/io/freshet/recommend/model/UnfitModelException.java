package io.freshet.recommend.model;

import io.freshet.event.ModelRevision;
import java.io.IOException;

/** A model scores with what is not a number: loading it again would not help. */
public final class UnfitModelException extends IOException {

    private static final long serialVersionUID = 1L;

    private final transient ModelRevision revision;

    UnfitModelException(ModelRevision revision, float score) {
        super(
                "Version %d with updates up to %d gave a score of %s"
                        .formatted(revision.version(), revision.update(), score));
        this.revision = revision;
    }

    /** The model. */
    public ModelRevision revision() {
        return revision;
    }
}
