/** What a field lets the component around it do. */
export interface Focusable {
  focus: () => void;
}
