declare module 'cofferdam:module/types@0.1.0' {
  /**
   * JSON text in UTF-8.
   */
  export type Json = string;
  /**
   * Severity of a log line.
   * # Variants
   * 
   * ## `"trace"`
   * 
   * ## `"debug"`
   * 
   * ## `"info"`
   * 
   * ## `"warn"`
   * 
   * ## `"error"`
   * 
   * ## `"critical"`
   */
  export type LogLevel = 'trace' | 'debug' | 'info' | 'warn' | 'error' | 'critical';
  /**
   * What a module says about itself.
   */
  export interface ModuleInfo {
    /**
     * Lowercase words joined by single hyphens, 1 to 64 characters.
     */
    name: string,
    /**
     * Semantic version, such as `1.4.0`.
     */
    version: string,
    description: string,
    /**
     * JSON Schema (2020-12) that a job's inputs must satisfy; `{}` accepts every object.
     */
    inputsSchema: Json,
    /**
     * The same for a job's settings.
     */
    settingsSchema: Json,
  }
  /**
   * One run of one job.
   */
  export interface Job {
    id: string,
    /**
     * 1 for the first run, one more each time the job starts again.
     */
    attempt: number,
    /**
     * A JSON object.
     */
    inputs: Json,
    /**
     * A JSON object.
     */
    settings: Json,
    /**
     * The last checkpoint saved, when the job resumes.
     */
    checkpoint?: Json,
  }
  /**
   * Why the host refused to save something. The job may go on.
   */
  export type SaveError = SaveErrorInvalidJson | SaveErrorTooLarge | SaveErrorLimitReached;
  /**
   * Not a JSON object; says where the text goes wrong.
   */
  export interface SaveErrorInvalidJson {
    tag: 'invalid-json',
    val: string,
  }
  /**
   * Larger than this many bytes.
   */
  export interface SaveErrorTooLarge {
    tag: 'too-large',
    val: number,
  }
  /**
   * A limit of this job is used up; says which.
   */
  export interface SaveErrorLimitReached {
    tag: 'limit-reached',
    val: string,
  }
  /**
   * Why a run did not succeed.
   */
  export type Failure = FailurePermanent | FailureRetryable;
  /**
   * Running it again would fail again.
   */
  export interface FailurePermanent {
    tag: 'permanent',
    val: string,
  }
  /**
   * Running it again may succeed.
   */
  export interface FailureRetryable {
    tag: 'retryable',
    val: string,
  }
}
