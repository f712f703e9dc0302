export const fileText = {
  choose: 'Choose a file',
  another: 'Choose another one',
  none: 'None chosen yet',
}
