/** The public key of the checkpoints in the data folder; keep a copy of it with the checkpoints kept elsewhere. */
export const checkpointKeyFile = 'checkpoint-key.pem';
